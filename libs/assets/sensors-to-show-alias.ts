import type { Attributes, DetailedAsset } from './asset.entity';

/** What charts of an asset show, as it is stored. */
type Shown = Pick<DetailedAsset, 'attributes' | 'sensorsToShow'>;

/** Attribute of 0.12 with the sensors to show. The field with the same name takes its place. */
const ATTRIBUTE = 'sensors_to_show';

/** The sensors to show: those of the field if it was ever set, else those of the attribute. */
export function getSensorsToShow({ attributes, sensorsToShow }: Shown): unknown[] {
  const attribute = attributes[ATTRIBUTE];
  return sensorsToShow ?? (Array.isArray(attribute) ? (attribute as unknown[]) : []);
}

/** The attributes as clients read them: with the sensors to show. */
export const getShownAttributes = ({ attributes, sensorsToShow }: Shown): Attributes =>
  sensorsToShow === null ? attributes : { ...attributes, [ATTRIBUTE]: sensorsToShow };

/**
 * Adds to a change what keeps field and attribute equal: once the field was set, a client that sends the attribute
 * changes the field. Attributes without it leave the field as it is. Clients that know only the attribute replace and
 * remove it like any other.
 */
export function withFieldOfAttribute<Change extends Partial<Shown>>(
  change: Change,
  { sensorsToShow }: Pick<DetailedAsset, 'sensorsToShow'>,
): Change {
  const sent = change.attributes?.[ATTRIBUTE];
  const isForField = change.sensorsToShow === undefined && sensorsToShow !== null && Array.isArray(sent);
  return isForField ? { ...change, sensorsToShow: sent as unknown[] } : change;
}
