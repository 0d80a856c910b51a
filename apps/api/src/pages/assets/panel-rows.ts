import type { Request } from 'express';
import { JsonTextError, readJsonText } from '../forms/json-text';
import { fieldOf } from '../sessions/page-request';

/** A panel of the graphs as a form shows it: a title and ids of sensors, or its JSON if it has more than these. */
export interface PanelRow {
  title: string;
  /** Ids with commas. */
  sensors: string;
  json: string;
  /** The panel as it was stored, as JSON; empty for a new one. */
  was: string;
}

const EMPTY: PanelRow = { title: '', sensors: '', json: '', was: '' };

/** More panels fit no page. */
export const MAX_PANELS = 100;

/** A stored panel as a row. */
export function toRow(entry: unknown): PanelRow {
  const was = JSON.stringify(entry);
  const { title, sensors } = partsOf(entry) ?? {};
  return sensors === undefined
    ? { ...EMPTY, json: was, was }
    : { ...EMPTY, title: title ?? '', sensors, was };
}

/** Title and sensors of a panel that has nothing else. */
function partsOf(entry: unknown): { title?: string; sensors: string } | undefined {
  const ids = idsOf(entry);
  if (ids !== undefined) return { sensors: ids };
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const { title, sensor, sensors, ...others } = entry as Record<string, unknown>;
  const named = idsOf(sensors ?? sensor);
  const isSimple = Object.keys(others).length === 0 && (title == null || typeof title === 'string');
  return isSimple && named !== undefined ? { title: title ?? '', sensors: named } : undefined;
}

function idsOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((id) => typeof id === 'number') ? value.join(', ') : undefined;
}

/** The rows of a form that was sent. */
export function readRows(request: Request): PanelRow[] {
  const count = Math.min(Number(fieldOf(request, 'count')) || 0, MAX_PANELS);
  return Array.from({ length: count }, (_, i) => ({
    title: fieldOf(request, `title.${i}`).trim(),
    sensors: fieldOf(request, `sensors.${i}`).trim(),
    json: fieldOf(request, `json.${i}`).trim(),
    was: fieldOf(request, `was.${i}`),
  }));
}

/** The rows after a button: `up.2`, `down.2`, `remove.2` or `add`; without one, as they are. */
export function afterButton(rows: readonly PanelRow[], button: string): PanelRow[] {
  const [name, text = ''] = button.split('.');
  const index = Number(text);
  if (name === 'add') return [...rows, EMPTY];
  if (name === 'remove') return rows.filter((_, i) => i !== index);
  if (name !== 'up' && name !== 'down') return [...rows];
  const to = name === 'up' ? index - 1 : index + 1;
  if (!(index in rows) || !(to in rows)) return [...rows];
  const moved = [...rows];
  [moved[index], moved[to]] = [moved[to]!, moved[index]!];
  return moved;
}

/**
 * The panels of rows. A row that was not changed keeps its panel as it was stored.
 * @returns panels, and reasons by name of the field
 */
export function toPanels(rows: readonly PanelRow[]) {
  const reasons: Record<string, string> = {};
  const panels = rows.flatMap((row, i): unknown[] => {
    if (isUnchanged(row)) return [JSON.parse(row.was)];
    if (row.json !== '') return readEntry(row.json, `json.${i}`, reasons);
    if (row.sensors === '' && row.title === '') return [];
    const ids = row.sensors.split(',').map((id) => id.trim());
    if (!ids.every((id) => /^[1-9]\d{0,9}$/.test(id))) {
      reasons[`sensors.${i}`] = 'Ids of sensors are needed, such as 3 or 2, 5.';
      return [];
    }
    const sensors = ids.map(Number);
    if (row.title !== '') return [{ title: row.title, sensors }];
    return [sensors.length === 1 ? sensors[0] : sensors];
  });
  return { panels, reasons };
}

function isUnchanged(row: PanelRow): boolean {
  if (row.was === '') return false;
  try {
    const { title, sensors, json } = toRow(JSON.parse(row.was));
    return title === row.title && sensors === row.sensors && json === row.json;
  } catch {
    return false;
  }
}

function readEntry(json: string, name: string, reasons: Record<string, string>): unknown[] {
  try {
    return [readJsonText(json)];
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    reasons[name] = error.message;
    return [];
  }
}
