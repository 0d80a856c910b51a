import type { PageSettings } from '#lib/config';

/** Where map tiles come from with a token of Mapbox. */
export const TILE_ORIGIN = 'https://api.mapbox.com';

/** The map tiles of the settings as JSON, for the element `fm-map`; undefined: outlines from this server. */
export const tilesOf = ({ mapboxToken }: PageSettings): string | undefined =>
  mapboxToken === undefined
    ? undefined
    : JSON.stringify({
        url: `${TILE_ORIGIN}/styles/v1/mapbox/streets-v12/tiles/512/{z}/{x}/{y}?access_token=${encodeURIComponent(mapboxToken)}`,
        attribution:
          '© <a href="https://www.mapbox.com/about/maps/">Mapbox</a> © <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>',
      });
