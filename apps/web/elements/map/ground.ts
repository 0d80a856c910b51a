import L from 'leaflet';
import { feature } from 'topojson-client';

type Topology = Parameters<typeof feature>[0];

/** A server of map tiles. */
export interface Tiles {
  url: string;
  attribution: string;
}

/** Adds the ground of a map: tiles, or outlines of countries from this server. */
export async function addGround(map: L.Map, { land, tiles }: { land: string; tiles?: Tiles }): Promise<void> {
  if (tiles) {
    L.tileLayer(tiles.url, { attribution: tiles.attribution, tileSize: 512, zoomOffset: -1 }).addTo(map);
    return;
  }
  const response = await fetch(land);
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
  document.addEventListener('colour-mode', paint);
}
