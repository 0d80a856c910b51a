import L from 'leaflet';
import { feature } from 'topojson-client';

type Topology = Parameters<typeof feature>[0];

/** A server of map tiles. */
export interface Tiles {
  url: string;
  attribution: string;
}

/** What lies below the markers. */
export interface Ground {
  /** Address of coarse outlines, which come soon after the markers, and of fine ones, which replace them when the browser has time. */
  land: string;
  fineLand: string;
  /** Replaces the outlines. */
  tiles?: Tiles;
}

/** How long a browser may put off the coarse and the fine outlines, ms. */
const COARSE_MS = 300;
const FINE_MS = 3000;

/**
 * Adds the ground of a map: tiles, or outlines of countries from this server.
 * @param signal aborted when the map is removed
 */
export async function addGround(
  map: L.Map,
  { land, fineLand, tiles }: Ground,
  signal: AbortSignal,
): Promise<void> {
  if (tiles) {
    L.tileLayer(tiles.url, { attribution: tiles.attribution, tileSize: 512, zoomOffset: -1 }).addTo(map);
    return;
  }
  await idle(COARSE_MS);
  const coarse = await addOutlines(map, land, signal);
  void idle(FINE_MS).then(() => {
    if (signal.aborted) return;
    // Without fine outlines, the coarse ones stay.
    addOutlines(map, fineLand, signal).then(
      () => coarse.remove(),
      () => undefined,
    );
  });
}

/** Resolves when the browser has nothing else to do, at the latest after some time. */
const idle = (timeout: number): Promise<unknown> =>
  new Promise((done) => {
    if ('requestIdleCallback' in window) requestIdleCallback(done, { timeout });
    else setTimeout(done, timeout);
  });

async function addOutlines(map: L.Map, address: string, signal: AbortSignal): Promise<L.GeoJSON> {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(String(response.status));
  const topology = (await response.json()) as Topology;
  const countries = feature(topology, topology.objects['countries']!);
  const styles = getComputedStyle(map.getContainer());
  const layer = L.geoJSON(countries, { interactive: false, attribution: 'Natural Earth' });
  const paint = (): void => {
    const colour = (name: string): string => styles.getPropertyValue(`--fm-${name}`).trim();
    layer.setStyle({ color: colour('line'), weight: 0.7, fillColor: colour('land'), fillOpacity: 1 });
  };
  paint();
  layer.addTo(map).bringToBack();
  document.addEventListener('colour-mode', paint, { signal });
  layer.on('remove', () => document.removeEventListener('colour-mode', paint));
  return layer;
}
