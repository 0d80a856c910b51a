type Kind = 'asset' | 'sensor' | 'job';

/** Names of fields and of parameters that have ids. */
const FIELDS: Record<string, Kind> = {
  asset: 'asset',
  asset_id: 'asset',
  generic_asset_id: 'asset',
  parent: 'asset',
  parent_asset_id: 'asset',
  root: 'asset',
  sensor: 'sensor',
  sensors: 'sensor',
  sensors_to_show: 'sensor',
  regressors: 'sensor',
  'past-regressors': 'sensor',
  'future-regressors': 'sensor',
  'consumption-price-sensor': 'sensor',
  'production-price-sensor': 'sensor',
  'inflexible-device-sensors': 'sensor',
};

const STEPS: Record<string, Kind> = { assets: 'asset', sensors: 'sensor' };

/** Replaces the ids and UUIDs of a recording by those of this run. */
export class RecordedIds {
  private readonly actual = new Map<string, number | string>();

  /** Remembers what the answer to a request created: an asset or sensor with this id in the recording, or a job. */
  remember(path: string, recorded: number | string, answer: Record<string, unknown>): void {
    const kind = typeof recorded === 'string' ? 'job' : STEPS[path.split('/').at(-1)!]!;
    const id = kind === 'job' ? (answer['schedule'] ?? answer['forecast']) : answer['id'];
    this.actual.set(`${kind} ${recorded}`, id as number | string);
  }

  /** Path with query, with the ids of this run. */
  inPath(path: string): string {
    const [steps = '', query] = path.split('?');
    const mapped = steps
      .replace(/(?<=\/)(\w+)\/(\d+)/g, (_all, step: string, id: string) => {
        const kind = STEPS[step];
        return `${step}/${kind ? this.of(kind, Number(id)) : id}`;
      })
      .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => String(this.of('job', id)));
    return query === undefined ? mapped : `${mapped}?${this.inQuery(query)}`;
  }

  /** Body of a request, with the ids of this run, also in texts that are JSON. */
  inBody(value: unknown, kind?: Kind): unknown {
    if (typeof value === 'number') return kind ? this.of(kind, value) : value;
    if (typeof value === 'string') return this.inText(value, kind);
    if (Array.isArray(value)) return value.map((item) => this.inBody(item, kind));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, this.inBody(item, FIELDS[name])]),
    );
  }

  private inText(text: string, kind?: Kind): string {
    if (/^[[{]/.test(text)) return JSON.stringify(this.inBody(JSON.parse(text), kind));
    return this.inAddress(text);
  }

  private inQuery(query: string): string {
    return this.inAddress(query).replace(/([\w-]+)=(\d+)(?=&|$)/g, (all, name: string, id: string) => {
      const kind = FIELDS[name];
      return kind ? `${name}=${this.of(kind, Number(id))}` : all;
    });
  }

  /** Entity addresses end with the id of a sensor. */
  private inAddress(text: string): string {
    return text.replace(/(?<=:fm1\.)\d+/g, (id) => String(this.of('sensor', Number(id))));
  }

  private of(kind: Kind, recorded: number | string): number | string {
    return this.actual.get(`${kind} ${recorded}`) ?? recorded;
  }
}
