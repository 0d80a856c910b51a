import { includesZero } from './axes';
import type { ShownSensor } from './chart-options';
import { conversion, shownUnits } from './shown-units';

/** A sensor in a panel of a page. */
export interface PagePanelSensor {
  id: number;
  label: string;
  /** Unit in which its values are shown: value times factor plus offset. */
  unit: string;
  factor: number;
  offset: number;
  resolutionMs: number;
}

/** One of the charts of a page, for the element `fm-chart`. */
export interface PagePanel {
  title: string;
  /** The unit of the axis; several if the sensors have no common one. */
  unit: string;
  /** Whether the axis includes zero. */
  hasZero: boolean;
  sensors: PagePanelSensor[];
}

/** The panel of some sensors, at least one. @param title default: the names of the sensors */
export function pagePanel(sensors: readonly ShownSensor[], title?: string): PagePanel {
  const unitOf = shownUnits(sensors);
  const units = [...new Set(unitOf.values())];
  return {
    title: title ?? sensors.map(({ label }) => label).join(', '),
    unit: units.join(', '),
    hasZero: units.some(includesZero),
    sensors: sensors.map((sensor) => ({
      id: sensor.id,
      label: sensor.label,
      unit: unitOf.get(sensor.id)!,
      resolutionMs: sensor.resolutionMs,
      ...conversion(sensor, unitOf),
    })),
  };
}
