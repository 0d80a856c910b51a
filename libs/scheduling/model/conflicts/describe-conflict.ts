import type { Conflict, ConflictingLimit } from './conflict';

/** How to say when something is. */
export interface StepTimeFormat {
  /** Length of a step in hours. */
  stepHours: number;
  /** The instant that lies a number of steps after the start, with its preposition: "at 06:00". */
  formatTime: (step: number) => string;
}

/** Tells times as hours after the start, where nobody knows of a clock. */
export const hoursAfterStart = (stepHours: number): StepTimeFormat => ({
  stepHours,
  formatTime: (step) => `${plain(step * stepHours)} h after the start`,
});

/**
 * A conflict as a sentence for people: "car: soc-target 25 kWh at 06:00 needs 12.9 kWh within 2 h, but power-capacity
 * 4 kW allows 8 kWh."
 */
export function describeConflict(conflict: Conflict, clock: StepTimeFormat): string {
  const { device } = conflict;
  return `${device === undefined ? '' : `${device}: `}${sentence(conflict, clock)}`;
}

/** Several conflicts as one text. */
export const describeConflicts = (conflicts: readonly Conflict[], clock: StepTimeFormat): string =>
  conflicts.map((conflict) => describeConflict(conflict, clock)).join(' ');

function sentence(conflict: Conflict, clock: StepTimeFormat): string {
  switch (conflict.kind) {
    case 'energy':
      return tellEnergy(conflict, clock);
    case 'bounds':
      return tellBounds(conflict, clock);
    case 'power':
      return tellPower(conflict, clock);
    case 'time':
      return tellTime(conflict, clock);
  }
}

function tellEnergy(conflict: Conflict, clock: StepTimeFormat): string {
  const { constraint, device, wanted, nearest, needed, available, step, fromStep, since } = conflict;
  const amount = formats('Wh', needed, available);
  const isCharged = nearest < wanted;
  const subject = `${constraint} ${energy(wanted)} ${clock.formatTime(step)}`;
  const from =
    since === undefined || since.constraint === 'soc-at-start'
      ? ''
      : ` from ${nameOf(since, device)} ${clock.formatTime(fromStep)}`;
  const within = `within ${lasting((step - fromStep) * clock.stepHours)}${from}`;
  const drift = Math.abs(conflict.driftMwh ?? 0) > 1e-9 ? ', losses, usage and gain included,' : '';
  const limits = listed(conflict.limitedBy.map((limit) => nameOf(limit, device)));
  const verb = verbOf(conflict.limitedBy);
  const forced = available < 0;
  if (conflict.limitedBy.length === 0) {
    return `${subject} cannot be met together with the other constraints: the nearest is ${energy(nearest)}.`;
  }
  if (forced) {
    const [into, room] = isCharged ? ['out of', 'can spare'] : ['into', 'has room for'];
    const forces = conflict.limitedBy.length > 1 ? 'force' : 'forces';
    return `${subject} ${room} ${amount(-needed)} ${within}${drift}${drift ? ' ' : ', '}but ${limits} ${forces} ${amount(-available)} ${into} the storage.`;
  }
  const out = isCharged ? '' : ' discharged';
  return `${subject} needs ${amount(needed)}${out} ${within}${drift}${drift ? ' ' : ', '}but ${limits} ${verb} ${amount(available)}.`;
}

function tellBounds(conflict: Conflict, clock: StepTimeFormat): string {
  const { constraint, wanted, nearest, step, limitedBy } = conflict;
  const [other] = limitedBy;
  const amount = formats('Wh', wanted, nearest);
  const upper = other === undefined ? amount(nearest) : `${other.constraint} ${amount(nearest)}`;
  return `${constraint} ${amount(wanted)} and ${upper} ${clock.formatTime(step)} exclude each other.`;
}

function tellPower(conflict: Conflict, clock: StepTimeFormat): string {
  const { constraint, wanted, needed, available, fromStep, untilStep, limitedBy } = conflict;
  const amount = formats('W', needed, available);
  const until = untilStep - fromStep > 1 ? ` for ${lasting((untilStep - fromStep) * clock.stepHours)}` : '';
  const subject = `${constraint} ${power(wanted)} ${clock.formatTime(fromStep)}${until}`;
  const direction = constraint === 'site-consumption-capacity' ? 'less consumption' : 'less production';
  if (limitedBy.length === 0) {
    return `${subject} needs ${amount(needed)} ${direction} than is given, and no device can make up for it.`;
  }
  const limits = listed(limitedBy.map((limit) => nameOf(limit)));
  return `${subject} needs ${amount(needed)} ${direction}, but ${limits} ${verbOf(limitedBy)} ${amount(available)}.`;
}

function tellTime({ needed, available, limitedBy }: Conflict, { stepHours }: StepTimeFormat): string {
  const cause = limitedBy.some(({ constraint }) => constraint === 'time-restrictions')
    ? 'time-restrictions leave'
    : 'the schedule leaves';
  return `duration ${lasting(needed * stepHours)} is needed, but ${cause} ${lasting(available * stepHours)}.`;
}

/** A site's capacity leaves what is not taken otherwise; other limits allow what they say. */
function verbOf(limits: readonly ConflictingLimit[]): string {
  const verb = limits.some(({ constraint }) => constraint.startsWith('site-')) ? 'leave' : 'allow';
  return limits.length > 1 ? verb : `${verb}s`;
}

/** A limit with its value, and with its device where that is another one. */
function nameOf({ constraint, device, value }: ConflictingLimit, speaker?: string): string {
  const isEnergy = constraint.startsWith('soc-');
  const amount = value === undefined ? '' : ` ${isEnergy ? energy(value) : power(value)}`;
  const owner = device === undefined || device === speaker ? '' : ` of ${device}`;
  return `${constraint}${amount}${owner}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

const energy = (mwh: number) => formats('Wh', mwh)(mwh);
const power = (mw: number) => formats('W', mw)(mw);

/**
 * Writes amounts of energy or power in kWh and kW, from 1 MWh and 1 MW on in these: with four digits, or as many more as
 * it takes to tell them apart.
 */
function formats(unit: 'Wh' | 'W', ...amounts: number[]): (amount: number) => string {
  const isLarge = amounts.some((amount) => Math.abs(amount) >= 1);
  const write = (amount: number, digits: number) =>
    `${Number((isLarge ? amount : amount * 1000).toPrecision(digits)) + 0} ${isLarge ? 'M' : 'k'}${unit}`;
  let digits = 4;
  const differ = () => new Set(amounts.map((amount) => write(amount, digits))).size;
  while (digits < 15 && differ() < new Set(amounts).size) digits++;
  return (amount) => write(amount, digits);
}

/** "2 h", "45 min", "1 h 15 min". */
function lasting(hours: number): string {
  const minutes = Math.round(hours * 60);
  if (Math.abs(minutes - hours * 60) > 1e-6) return `${plain(hours * 60)} min`;
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (whole === 0) return `${rest} min`;
  return rest === 0 ? `${whole} h` : `${whole} h ${rest} min`;
}

const plain = (value: number): string => String(Number(value.toFixed(6)));
