import { AssetsService } from '#lib/assets';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { SensorsService } from '#lib/sensors';
import { withServices } from '../../app/services';
import { invalidOption } from '../../options/option-error';

export interface EditAttributeOptions {
  assetId?: number[];
  sensorId?: number[];
  attribute: string;
  float?: number;
  int?: number;
  bool?: boolean;
  str?: string;
  list?: unknown[];
  dict?: Record<string, unknown>;
  null?: boolean;
}

export function editAttribute(options: EditAttributeOptions): Promise<void> {
  const { assetId: assetIds = [], sensorId: sensorIds = [], attribute } = options;
  if (assetIds.length + sensorIds.length === 0)
    throw new DomainError('INVALID_OPTION', 'Give at least one --asset-id or --sensor-id.');
  if (attribute.trim() === '') throw invalidOption('--attribute', 'must not be empty.');
  const change = { [attribute]: parseValue(options) };
  return withServices(async (services) => {
    await services(Transactions).run(async () => {
      for (const id of assetIds) await services(AssetsService).changeAttributes(id, change);
      for (const id of sensorIds) await services(SensorsService).changeAttributes(id, change);
    });
    console.log('Successfully edited/added attribute.');
  });
}

function parseValue(options: EditAttributeOptions): unknown {
  const { float, int, bool, str, list, dict } = options;
  const values: unknown[] = [float, int, bool, str, list, dict].filter((value) => value !== undefined);
  if (options.null) values.push(null);
  if (values.length === 1) return values[0];
  const message = 'Give exactly one of --float, --int, --bool, --str, --list, --dict and --null.';
  throw new DomainError('INVALID_OPTION', message);
}
