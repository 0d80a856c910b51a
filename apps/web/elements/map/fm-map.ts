import L from 'leaflet';
import 'leaflet.markercluster';
import { fetchPage, problemOf } from '../parts/fetch-page';
import { addGround, type Tiles } from './ground';

/** An asset on the map. */
export interface Place {
  id: number;
  name: string;
  type: string;
  account: string;
  /** Name of a Font Awesome icon; without one, the type begins the marker. */
  icon?: string;
  latitude: number;
  longitude: number;
}

type Grouping = 'type' | 'account';

/** Outlines of countries show nothing of a town. */
const CLOSEST_ON_OUTLINES = 6;
const CLOSEST_ON_TILES = 13;

const THE_WORLD: [L.LatLngTuple, zoom: number] = [[30, 10], 2];

/**
 * A map. Attributes: `places` (JSON) for one with markers, which can be grouped by account with `by-account`; or `latitude` and
 * `longitude`, ids of inputs that a click fills. `land` and `fine-land` are the addresses of outlines, `tiles` (JSON) replaces them.
 */
export class FmMap extends HTMLElement {
  /** What the popup of an asset shows. */
  describe: (place: Place) => Promise<Node[]> = describeByServer;
  private map: L.Map | undefined;
  private resizing: ResizeObserver | undefined;
  private layers = new Map<Place, L.LayerGroup>();
  private chooser: L.Control.Layers | undefined;
  /** Aborted when the element leaves the page. */
  private leaving = new AbortController();

  connectedCallback(): void {
    this.replaceChildren();
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    const map = (this.map = L.map(this, {
      ...{ preferCanvas: true, worldCopyJump: true, maxZoom: 18 },
      ...{ zoomAnimation: isAnimated(), fadeAnimation: isAnimated(), markerZoomAnimation: isAnimated() },
    }));
    map.attributionControl.setPrefix('Leaflet');
    const places = this.getAttribute('places');
    if (places !== null) this.showPlaces(JSON.parse(places) as Place[]);
    else {
      map.setView(...THE_WORLD);
      this.pick();
    }
    this.resizing = new ResizeObserver(() => map.invalidateSize({ animate: false }));
    this.resizing.observe(this);
    const tiles = this.getAttribute('tiles');
    const ground = {
      land: this.getAttribute('land')!,
      fineLand: this.getAttribute('fine-land')!,
      tiles: tiles === null ? undefined : (JSON.parse(tiles) as Tiles),
    };
    const tell = (state: string) => {
      if (!signal.aborted) this.dataset['state'] = state;
    };
    addGround(map, ground, signal).then(
      () => tell('ready'),
      () => tell('without-outlines'),
    );
  }

  disconnectedCallback(): void {
    this.leaving.abort();
    this.resizing?.disconnect();
    this.map?.remove();
    this.map = undefined;
  }

  private showPlaces(places: readonly Place[]): void {
    const markers = new Map(places.map((place) => [place, markerOf(place, this.describe)]));
    const cluster = L.markerClusterGroup({
      ...{ showCoverageOnHover: false, maxClusterRadius: 40, animate: isAnimated() },
    });
    cluster.addTo(this.map!);
    this.map!.on('overlayadd overlayremove', (event) => {
      const { type, layer } = event as unknown as { type: string; layer: L.Layer };
      const shown = places.filter((place) => this.layers.get(place) === layer);
      const ofLayer = shown.map((place) => markers.get(place)!);
      if (type === 'overlayadd') cluster.addLayers(ofLayer);
      else cluster.removeLayers(ofLayer);
    });
    if (places.length === 0) this.map!.setView(...THE_WORLD);
    else
      this.map!.fitBounds(L.latLngBounds(places.map(({ latitude, longitude }) => [latitude, longitude])), {
        ...{ padding: [40, 40], animate: false },
        maxZoom: this.hasAttribute('tiles') ? CLOSEST_ON_TILES : CLOSEST_ON_OUTLINES,
      });
    this.group(places, 'type');
    if (this.hasAttribute('by-account')) this.addSwitch(places);
  }

  /** A layer per type or account, which people can hide. The layers are empty: all markers are in one cluster. */
  private group(places: readonly Place[], by: Grouping): void {
    this.chooser?.remove();
    for (const layer of new Set(this.layers.values())) {
      layer.remove();
      this.map!.fire('overlayremove', { layer });
    }
    const names = [...new Set(places.map((place) => place[by]))].sort();
    const byName = new Map(names.map((name) => [name, L.layerGroup().addTo(this.map!)]));
    this.layers = new Map(places.map((place) => [place, byName.get(place[by])!]));
    const countOf = (name: string): number => places.filter((place) => place[by] === name).length;
    const titled = names.map((name) => [`${escapeHtml(name)} (${countOf(name)})`, byName.get(name)!]);
    const options = { position: 'bottomright', collapsed: innerWidth < 700 } as const;
    this.chooser = L.control.layers(undefined, Object.fromEntries(titled) as L.Control.LayersObject, options);
    if (names.length > 0) this.chooser.addTo(this.map!);
    for (const layer of byName.values()) this.map!.fire('overlayadd', { layer });
  }

  private addSwitch(places: readonly Place[]): void {
    const control = new L.Control({ position: 'bottomright' });
    control.onAdd = () => {
      const button = L.DomUtil.create('button', 'btn btn-outline-secondary btn-sm map-switch');
      button.type = 'button';
      let by: Grouping = 'type';
      const show = () => (button.textContent = by === 'type' ? 'Group by account' : 'Group by type');
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener('click', () => {
        by = by === 'type' ? 'account' : 'type';
        this.group(places, by);
        show();
      });
      show();
      return button;
    };
    control.addTo(this.map!);
  }

  /** A click fills the inputs, and the inputs move the marker. */
  private pick(): void {
    const [latitude, longitude] = ['latitude', 'longitude'].map(
      (name) => document.getElementById(this.getAttribute(name) ?? '') as HTMLInputElement | null,
    );
    if (!latitude || !longitude) return;
    const marker = L.circleMarker([0, 0], { radius: 9, weight: 3, className: 'map-place' });
    const show = (isMoved: boolean): void => {
      const [lat, lng] = [latitude, longitude].map(({ value }) =>
        value.trim() === '' ? NaN : Number(value),
      );
      if (!(Math.abs(lat!) <= 90 && Math.abs(lng!) <= 180)) marker.remove();
      else {
        marker.setLatLng([lat!, lng!]).addTo(this.map!);
        if (isMoved) this.map!.setView([lat!, lng!], 8, { animate: false });
      }
    };
    show(true);
    const { signal } = this.leaving;
    for (const input of [latitude, longitude]) input.addEventListener('change', () => show(true), { signal });
    if (latitude.disabled || latitude.matches(':disabled')) return;
    this.map!.on('click', ({ latlng }: L.LeafletMouseEvent) => {
      const { lat, lng } = latlng.wrap();
      latitude.value = lat.toFixed(7);
      longitude.value = lng.toFixed(7);
      show(false);
    });
  }
}

/** A marker with the icon of the type; its popup loads the current state. */
function markerOf(place: Place, describe: FmMap['describe']): L.Marker {
  const { name, type, icon, latitude, longitude } = place;
  const marker = L.marker([latitude, longitude], {
    ...{ title: `${name} (${type})`, alt: `${name} (${type})` },
    icon: L.divIcon({
      html:
        icon === undefined
          ? `<span aria-hidden="true">${escapeHtml(type.charAt(0).toUpperCase())}</span>`
          : `<i class="fa fa-${escapeHtml(icon)}" aria-hidden="true"></i>`,
      ...{ className: 'map-marker', iconSize: [34, 34], iconAnchor: [17, 17] },
    }),
  });
  const content = document.createElement('div');
  content.className = 'map-popup';
  marker.bindPopup(content, { minWidth: 220 });
  marker.on('popupopen', () => {
    content.textContent = 'Loading …';
    describe(place)
      .then(
        (nodes) => {
          content.replaceChildren(...nodes);
          document.dispatchEvent(new CustomEvent('content-added'));
        },
        (error: unknown) => content.replaceChildren(...problemOf(error)),
      )
      .finally(() => marker.getPopup()?.update());
  });
  return marker;
}

/** The current state of an asset, as a page of this server shows it. */
const describeByServer = async ({ id }: Place): Promise<Node[]> => [
  ...(await fetchPage(`/assets/${id}/state`)).body.childNodes,
];

/** Whether the person has not asked for less motion. */
const isAnimated = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches;

const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
