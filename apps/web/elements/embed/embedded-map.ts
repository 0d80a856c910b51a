import { fetchJson } from '../chart/fetching';
import type { FmMap, Place } from '../map/fm-map';
import { LoadingElement } from './loading-element';
import type { ServerAccess } from './server-access';

/** Addresses of files that maps need: outlines of countries, coarse and fine, and styles. */
export interface MapFiles {
  land: string;
  fineLand: string;
  styles: string;
}

/** An asset as the API lists it. */
interface ListedAsset {
  id: number;
  name: string;
  owner: { name: string } | null;
  generic_asset_type: { name: string };
  latitude: number | null;
  longitude: number | null;
}

const FIELDS = 'id|name|owner|generic_asset_type|latitude|longitude';

/**
 * Makes the element of maps for pages of other servers. Attributes: `account` or `asset` (id) for the assets of an account, or an
 * asset with everything below it; by default all that the user can read. `tiles` (JSON) replaces the outlines of countries;
 * `token` and `server` as those of `fm-chart`. Whoever chooses an asset causes the event `fm-asset`, with `id` and `name`.
 */
export function embeddedMap(files: MapFiles): CustomElementConstructor {
  return class EmbeddedMap extends LoadingElement {
    protected override readonly failure = 'The map cannot be loaded.';

    protected override async load(
      { server, access }: ServerAccess,
      signal: AbortSignal,
    ): Promise<HTMLElement> {
      addStyles(files.styles);
      // Maps are loaded only by pages that have one.
      const [assets, { FmMap }] = await Promise.all([
        fetchJson<ListedAsset[]>(`${server}/api/v3_0/assets`, queryOf(this), { ...access, signal }),
        import('../map/fm-map'),
      ]);
      if (!customElements.get('fm-places')) customElements.define('fm-places', FmMap);
      const map = document.createElement('fm-places') as FmMap;
      map.describe = (place) => Promise.resolve(describe(place, server, this));
      for (const [name, value] of Object.entries(attributesOf(this, assets, files)))
        map.setAttribute(name, value);
      return map;
    }
  };
}

/** Which assets are shown. */
function queryOf(element: HTMLElement): Record<string, string> {
  const [account, asset] = ['account', 'asset'].map((name) => element.getAttribute(name));
  if (account != null) return { fields: FIELDS, account_id: account };
  return { fields: FIELDS, all_accessible: 'true', ...(asset != null && { root: asset }) };
}

function attributesOf(
  element: HTMLElement,
  assets: readonly ListedAsset[],
  { land, fineLand }: MapFiles,
): Record<string, string> {
  const tiles = element.getAttribute('tiles');
  return {
    ...{ places: JSON.stringify(assets.flatMap(toPlace)), land, 'fine-land': fineLand },
    ...(tiles !== null && { tiles }),
    ...{ role: 'region', 'aria-label': element.getAttribute('name') ?? 'Map of assets' },
  };
}

function toPlace({ latitude, longitude, owner, generic_asset_type: type, id, name }: ListedAsset): Place[] {
  if (latitude === null || longitude === null) return [];
  return [{ id, name, type: type.name, account: owner?.name ?? '', latitude, longitude }];
}

/** What the popup of an asset shows; the page may show more of it, for example its charts. */
function describe({ id, name, type, account }: Place, server: string, element: HTMLElement): Node[] {
  element.dispatchEvent(new CustomEvent('fm-asset', { detail: { id, name }, bubbles: true }));
  const title = document.createElement('strong');
  title.textContent = name;
  const about = document.createElement('p');
  about.textContent = [type, account].filter(Boolean).join(', ');
  const link = document.createElement('a');
  Object.assign(link, { href: `${server}/assets/${id}`, textContent: `Graphs of ${name}` });
  return [title, about, link];
}

/** The styles of maps, once for a page. */
function addStyles(href: string): void {
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return;
  const link = document.createElement('link');
  Object.assign(link, { rel: 'stylesheet', href });
  document.head.append(link);
}
