import { Injectable, type OnModuleInit } from '@nestjs/common';
import { defineEvent, EventSubscriptions } from '#lib/events';
import type { EventName } from '#lib/plugin-api';
import { PluginContexts } from './plugin-contexts.service';
import { PluginLoader } from './plugin-loader';

/** Subscribes plugins to events. Failures of handlers are logged and repeated as those of other subscriptions. */
@Injectable()
export class PluginEvents implements OnModuleInit {
  constructor(
    private readonly loader: PluginLoader,
    private readonly contexts: PluginContexts,
    private readonly subscriptions: EventSubscriptions,
  ) {}

  onModuleInit(): void {
    for (const plugin of this.loader.defined) {
      for (const [name, handle] of Object.entries(plugin.definition.onEvent ?? {})) {
        this.subscriptions.onEach<Record<string, unknown>>({
          name: `plugin:${plugin.name}:${name}`,
          events: [defineEvent(name)],
          handle: async ({ payload, emittedAtMs }) => {
            const event = { name: name as EventName, payload, emittedAt: new Date(emittedAtMs) };
            await handle(event, this.contexts.contextOf(plugin));
          },
        });
      }
    }
  }
}
