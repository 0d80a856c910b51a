import type { Conflict, ConflictingLimit } from './conflict';

/** How messages write devices and the time of a step. */
export interface ConflictFormat {
  /** Length of a step in hours. */
  stepHours: number;
  /** The instant a number of steps after the start of the window, with its preposition: "at 06:00". */
  formatTime: (step: number) => string;
  /** Name of a device for users; its id if not given. */
  nameOf?: (device: string) => string;
}

/** Writes times as hours after the start of the window, for problems without a calendar. */
export const hoursAfterStart = (stepHours: number): ConflictFormat => ({
  stepHours,
  formatTime: (step) => `${formatNumber(step * stepHours)} h after the start`,
});

/**
 * Describes a conflict in a sentence for users: "car: soc-target 25 kWh at 06:00 needs 12.9 kWh within 2 h, but
 * power-capacity 4 kW allows 8 kWh."
 */
export function describeConflict(conflict: Conflict, format: ConflictFormat): string {
  const { device } = conflict;
  return `${device === undefined ? '' : `${nameOf(device, format)}: `}${sentence(conflict, format)}`;
}

/** Describes several conflicts in one text. */
export const describeConflicts = (conflicts: readonly Conflict[], format: ConflictFormat): string =>
  conflicts.map((conflict) => describeConflict(conflict, format)).join(' ');

const nameOf = (device: string, format: ConflictFormat): string => format.nameOf?.(device) ?? device;

function sentence(conflict: Conflict, format: ConflictFormat): string {
  switch (conflict.kind) {
    case 'energy':
      return describeEnergy(conflict, format);
    case 'bounds':
      return describeBounds(conflict, format);
    case 'power':
      return describePower(conflict, format);
    case 'time':
      return describeTime(conflict, format);
  }
}

function describeEnergy(conflict: Conflict, format: ConflictFormat): string {
  const { constraint, device, wanted, nearest, needed, available, step, limitedBy } = conflict;
  const isCharging = nearest < wanted;
  const subject = `${constraint} ${formatEnergy(wanted)} ${format.formatTime(step)}`;
  if (limitedBy.length === 0) {
    return `${subject} cannot be met together with the other constraints: the nearest is ${formatEnergy(nearest)}.`;
  }
  const amount = amountFormat('Wh', needed, available);
  const hasDrift = Math.abs(conflict.driftMwh ?? 0) > 1e-9;
  const within = `${describePeriod(conflict, format)}${hasDrift ? ', losses, usage and gain included' : ''}, but`;
  const limits = joinNames(limitedBy.map((limit) => formatLimit(limit, format, device)));
  if (available < 0) {
    const [room, into] = isCharging ? ['can spare', 'out of'] : ['has room for', 'into'];
    const force = limitedBy.length > 1 ? 'force' : 'forces';
    return `${subject} ${room} ${amount(-needed)} ${within} ${limits} ${force} ${amount(-available)} ${into} the storage.`;
  }
  const discharged = isCharging ? '' : ' discharged';
  return `${subject} needs ${amount(needed)}${discharged} ${within} ${limits} ${allow(limitedBy)} ${amount(available)}.`;
}

function describePeriod({ device, fromStep, step, since }: Conflict, format: ConflictFormat): string {
  const duration = formatDuration((step - fromStep) * format.stepHours);
  return since === undefined || since.constraint === 'soc-at-start'
    ? `within ${duration}`
    : `within ${duration} from ${formatLimit(since, format, device)} ${format.formatTime(fromStep)}`;
}

function describeBounds(conflict: Conflict, format: ConflictFormat): string {
  const { constraint, wanted, nearest, step, limitedBy } = conflict;
  const [other] = limitedBy;
  const amount = amountFormat('Wh', wanted, nearest);
  const upper = other === undefined ? amount(nearest) : `${other.constraint} ${amount(nearest)}`;
  return `${constraint} ${amount(wanted)} and ${upper} ${format.formatTime(step)} exclude each other.`;
}

function describePower(conflict: Conflict, format: ConflictFormat): string {
  const { constraint, wanted, needed, available, fromStep, untilStep, limitedBy } = conflict;
  const amount = amountFormat('W', needed, available);
  const duration = formatDuration((untilStep - fromStep) * format.stepHours);
  const during = untilStep - fromStep > 1 ? ` for ${duration}` : '';
  const subject = `${constraint} ${formatPower(wanted)} ${format.formatTime(fromStep)}${during}`;
  if (constraint === 'commodity-balance') return describeBalance(conflict, format);
  const less = constraint.endsWith('consumption-capacity') ? 'less consumption' : 'less production';
  if (limitedBy.length === 0) {
    return `${subject} needs ${amount(needed)} ${less} than is given, and no device can make up for it.`;
  }
  const limits = joinNames(limitedBy.map((limit) => formatLimit(limit, format)));
  return `${subject} needs ${amount(needed)} ${less}, but ${limits} ${allow(limitedBy)} ${amount(available)}.`;
}

/** A commodity without a connection that cannot be balanced. */
function describeBalance({ nearest, fromStep, untilStep }: Conflict, format: ConflictFormat): string {
  const during =
    untilStep - fromStep > 1 ? ` for ${formatDuration((untilStep - fromStep) * format.stepHours)}` : '';
  return `consumption and production cannot be balanced ${format.formatTime(fromStep)}${during}: ${formatPower(nearest)} are missing or left over.`;
}

function describeTime({ needed, available, limitedBy }: Conflict, { stepHours }: ConflictFormat): string {
  const leaves = limitedBy.some(({ constraint }) => constraint === 'time-restrictions')
    ? 'time-restrictions leave'
    : 'the schedule leaves';
  return `duration ${formatDuration(needed * stepHours)} is needed, but ${leaves} ${formatDuration(available * stepHours)}.`;
}

/** A site capacity leaves the part that others do not use; all other limits allow their full value. */
function allow(limits: readonly ConflictingLimit[]): string {
  const verb = limits.some(({ constraint }) => constraint.startsWith('site-')) ? 'leave' : 'allow';
  return limits.length > 1 ? verb : `${verb}s`;
}

/** A limit with its value, and with its device unless that is the one the sentence is about. */
function formatLimit(
  { constraint, device, value }: ConflictingLimit,
  format: ConflictFormat,
  subjectDevice?: string,
): string {
  const isEnergy = constraint.startsWith('soc-');
  const amount = value === undefined ? '' : ` ${isEnergy ? formatEnergy(value) : formatPower(value)}`;
  const owner = device === undefined || device === subjectDevice ? '' : ` of ${nameOf(device, format)}`;
  return `${constraint}${amount}${owner}`;
}

function joinNames(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** An amount of energy for users, such as `12.9 kWh`. */
export const formatEnergy = (mwh: number) => amountFormat('Wh', mwh)(mwh);
/** A power for users, such as `4 kW`. */
export const formatPower = (mw: number) => amountFormat('W', mw)(mw);

/**
 * How to write amounts of energy or power that stand in one sentence: in kWh and kW, or in MWh and MW if one of them is
 * at least 1 MWh or 1 MW. Four significant digits, or more if different amounts would look the same.
 */
function amountFormat(unit: 'Wh' | 'W', ...amounts: number[]): (amount: number) => string {
  const isLarge = amounts.some((amount) => Math.abs(amount) >= 1);
  const write = (amount: number, digits: number) =>
    `${Number((isLarge ? amount : amount * 1000).toPrecision(digits)) + 0} ${isLarge ? 'M' : 'k'}${unit}`;
  let digits = 4;
  const countDistinct = () => new Set(amounts.map((amount) => write(amount, digits))).size;
  while (digits < 15 && countDistinct() < new Set(amounts).size) digits++;
  return (amount) => write(amount, digits);
}

/** "2 h", "45 min", "1 h 15 min". */
function formatDuration(hours: number): string {
  const minutes = Math.round(hours * 60);
  if (Math.abs(minutes - hours * 60) > 1e-6) return `${formatNumber(hours * 60)} min`;
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (whole === 0) return `${rest} min`;
  return rest === 0 ? `${whole} h` : `${whole} h ${rest} min`;
}

const formatNumber = (value: number): string => String(Number(value.toFixed(6)));
