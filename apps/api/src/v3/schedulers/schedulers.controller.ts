import { Controller, Get } from '@nestjs/common';
import { PluginLoader, type OfferedClass } from '#lib/plugins';
import { Operation } from '../../http/schema/operation';
import { ForecasterList, SchedulerList } from './schedulers.dto';

/** The schedulers and forecasters of plugins. */
@Controller('api/v3_0')
export class SchedulersController {
  constructor(private readonly plugins: PluginLoader) {}

  @Get('schedulers')
  @Operation('listSchedulers', { answer: SchedulerList, usesDatabase: true })
  schedulers() {
    return { schedulers: this.plugins.listClasses('computeSchedule').map(toAlgorithm), status: 200 };
  }

  @Get('forecasters')
  @Operation('listForecasters', { answer: ForecasterList, usesDatabase: true })
  forecasters() {
    return { forecasters: this.plugins.listClasses('computeForecast').map(toAlgorithm), status: 200 };
  }
}

/** Plugins in JavaScript may have a number as their version. */
const textOf = (given: unknown): string | null =>
  typeof given === 'string' || typeof given === 'number' ? String(given) : null;

const toAlgorithm = ({ name, plugin, class: found }: OfferedClass) => {
  const { author, version } = found as { author?: unknown; version?: unknown };
  return {
    ...{ name, module: plugin.module, author: textOf(author), version: textOf(version) },
    plugin_version: plugin.version ?? null,
  };
};
