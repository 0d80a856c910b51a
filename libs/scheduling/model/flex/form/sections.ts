import type { FlexFieldName, FlexGroup } from '../fields';

/** Fields that belong together, in the order in which forms show them. */
export interface FlexSection<Group extends FlexGroup = FlexGroup> {
  title: string;
  fields: readonly FlexFieldName<Group>[];
}

/** The sections of the forms that describe a device and a site. Every field is in one of them. */
export const FLEX_SECTIONS: { readonly [Group in FlexGroup]: readonly FlexSection<Group>[] } = {
  'flex-model': [
    {
      title: 'State of charge',
      fields: [
        ...(['soc-min', 'soc-max', 'state-of-charge', 'soc-at-start', 'soc-unit'] as const),
        ...(['soc-targets', 'soc-minima', 'soc-maxima', 'soc-usage', 'soc-gain'] as const),
      ],
    },
    {
      title: 'Power',
      fields: ['power-capacity', 'consumption-capacity', 'production-capacity', 'operation-modes'],
    },
    {
      title: 'Efficiency',
      fields: ['roundtrip-efficiency', 'charging-efficiency', 'discharging-efficiency', 'storage-efficiency'],
    },
    { title: 'Preferences', fields: ['prefer-charging-sooner', 'prefer-curtailing-later'] },
    { title: 'Process', fields: ['process-type', 'power', 'duration', 'time-restrictions'] },
    { title: 'What schedules are recorded to', fields: ['consumption', 'production'] },
    { title: 'Measured device', fields: ['inflexible-consumption', 'inflexible-production'] },
    {
      title: 'Relations to other devices',
      fields: ['group', 'commodity', 'coupling', 'coupling-coefficient'],
    },
  ],
  'flex-context': [
    {
      title: 'Prices',
      fields: [
        ...(['consumption-price', 'production-price'] as const),
        ...(['consumption-price-sensor', 'production-price-sensor'] as const),
      ],
    },
    {
      title: 'Grid connection',
      fields: ['site-power-capacity', 'site-consumption-capacity', 'site-production-capacity'],
    },
    {
      title: 'Peaks',
      fields: [
        ...(['site-peak-consumption', 'site-peak-consumption-price'] as const),
        ...(['site-peak-production', 'site-peak-production-price'] as const),
      ],
    },
    {
      title: 'Measured devices',
      fields: ['inflexible-device-sensors', 'inflexible-consumption', 'inflexible-production'],
    },
    {
      title: 'Limits that may give way',
      fields: [
        ...(['relax-constraints', 'relax-soc-constraints', 'relax-site-capacity-constraints'] as const),
        ...(['relax-capacity-constraints', 'site-consumption-breach-price'] as const),
        ...(['site-production-breach-price', 'consumption-breach-price'] as const),
        ...(['production-breach-price', 'soc-minima-breach-price', 'soc-maxima-breach-price'] as const),
      ],
    },
    {
      title: 'What schedules are recorded to',
      fields: ['aggregate-power', 'aggregate-consumption', 'aggregate-production'],
    },
    { title: 'Contracts and commodities', fields: ['commitments', 'commodities', 'commodity'] },
  ],
};
