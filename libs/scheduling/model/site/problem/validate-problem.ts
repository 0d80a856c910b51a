import type { Series } from '../../problem/stock';
import { prepareFlexible } from './flexible-plan';
import type {
  BreachPrice,
  Capacity,
  Connection,
  FlexibleDevice,
  OperationMode,
  Peak,
  ProcessDevice,
  SiteDevice,
  SiteProblem,
  SocBound,
  Stock,
  StockLink,
  StorageDevice,
} from './site-problem';
import { isolatedStorage, withHardBounds } from './storage-view';

/**
 * Refuses input that no caller should pass, such as NaN prices or series of the wrong length. Constraints that cannot
 * all be met are valid input: they lead to a fallback schedule.
 *
 * @throws RangeError naming the field
 */
export function assertValidProblem(problem: SiteProblem): void {
  const { steps, stepHours } = problem;
  check(Number.isInteger(steps) && steps >= 1, 'steps', 'a whole number of at least 1');
  check(Number.isFinite(stepHours) && stepHours > 0, 'stepHours', 'above 0');
  checkConnection(steps, problem);
  const names = new Set(problem.devices.map(({ id: name }) => name));
  check(names.size === problem.devices.length, 'devices', 'of different names');
  for (const device of problem.devices) checkDevice(problem, device);
  checkRelations(problem);
}

function checkConnection(steps: number, connection: Connection): void {
  checkSeries(steps, connection.consumptionPrices, 'consumptionPrices', Number.isFinite);
  checkSeries(steps, connection.productionPrices, 'productionPrices', Number.isFinite);
  checkCapacity(steps, connection.consumptionCapacity, 'consumptionCapacity');
  checkCapacity(steps, connection.productionCapacity, 'productionCapacity');
  checkPeak(steps, connection.consumptionPeak, 'consumptionPeak');
  checkPeak(steps, connection.productionPeak, 'productionPeak');
}

/** Checks commodities, groups, commitments, couplings and shared stocks. */
function checkRelations({ steps, devices, ...problem }: SiteProblem): void {
  const { commodities = [], groups = [], commitments = [], couplings = [], stocks = [] } = problem;
  const byId = new Map(devices.map((device) => [device.id, device]));
  const checkMembers = (ids: readonly string[], field: string) =>
    check(ids.every((id) => byId.has(id)), field, 'ids of devices'); // prettier-ignore
  for (const commodity of commodities) checkConnection(steps, commodity);
  const names = new Set(commodities.map(({ name }) => name));
  const isKnown = ({ commodity }: SiteDevice) => commodity === undefined || names.has(commodity);
  check(devices.every(isKnown), 'commodity', 'the name of a commodity');
  for (const group of groups) {
    checkMembers(group.members, 'members');
    checkCapacity(steps, group.consumptionCapacity, 'consumptionCapacity');
    checkCapacity(steps, group.productionCapacity, 'productionCapacity');
  }
  for (const { members = [], baselineMw, upPrices, downPrices } of commitments) {
    checkMembers(members, 'members');
    checkSeries(steps, baselineMw, 'baselineMw', (mw) => !(Math.abs(mw) === Infinity));
    checkSeries(steps, upPrices, 'upPrices', Number.isFinite);
    checkSeries(steps, downPrices, 'downPrices', Number.isFinite);
  }
  const ports = couplings.flatMap((coupling) => coupling.ports);
  check(ports.every(({ device }) => byId.get(device)?.kind === 'flexible'), 'ports', 'flexible devices'); // prettier-ignore
  check(new Set(ports.map(({ device }) => device)).size === ports.length, 'ports', 'in one coupling each');
  check(ports.every(({ coefficient }) => Number.isFinite(coefficient) && coefficient !== 0), 'coefficient', 'not 0'); // prettier-ignore
  const stockIds = new Set(stocks.map(({ id }) => id));
  check(stockIds.size === stocks.length, 'stocks', 'of different ids');
  for (const stock of stocks) checkStock(steps, stock);
  for (const device of devices) {
    if (device.kind === 'flexible' && device.stock) check(stockIds.has(device.stock.id), 'stock', 'the id of a stock'); // prettier-ignore
  }
}

function checkStock(steps: number, stock: Stock): void {
  checkSocBound(steps, stock.socMinima, 'socMinima');
  checkSocBound(steps, stock.socMaxima, 'socMaxima');
  check(Number.isFinite(stock.socAtStartMwh), 'socAtStartMwh', 'a number');
  checkSeries(steps, stock.stockInflowMw, 'stockInflowMw', Number.isFinite);
  checkSeries(steps, stock.storageEfficiency, 'storageEfficiency', (share) => share > 0 && share <= 1);
  const limits = withHardBounds(stock, steps);
  checkSeries(steps, limits.socMinMwh, 'socMinMwh', Number.isFinite);
  checkSeries(steps, limits.socMaxMwh, 'socMaxMwh', Number.isFinite);
  for (const { step, socMwh } of stock.socTargets ?? []) {
    const isInWindow = Number.isInteger(step) && step >= 0 && step <= steps;
    check(isInWindow, 'socTargets', `at a step from 0 to ${steps}`);
    check(Number.isFinite(socMwh), 'socTargets', 'numbers');
  }
}

function checkDevice(problem: SiteProblem, device: SiteDevice): void {
  switch (device.kind) {
    case 'storage':
      checkStorage(problem, device);
      break;
    case 'process':
      checkProcess(problem, device);
      break;
    case 'curtailable':
      checkSeries(problem.steps, device.forecastMw, 'forecastMw', (mw) => mw >= 0);
      break;
    case 'inflexible':
      checkSeries(problem.steps, device.powerMw, 'powerMw', Number.isFinite);
      break;
    case 'flexible':
      checkFlexible(problem.steps, device);
  }
}

function checkFlexible(steps: number, device: FlexibleDevice): void {
  checkCapacity(steps, device.consumptionCapacity, 'consumptionCapacity');
  checkCapacity(steps, device.productionCapacity, 'productionCapacity');
  const { powerMin, powerMax } = prepareFlexible(device, 0, steps, new Float64Array(steps));
  checkSeries(steps, powerMin, 'productionMaxMw', Number.isFinite);
  checkSeries(steps, powerMax, 'consumptionMaxMw', Number.isFinite);
  checkModes(device.modes);
  if (device.stock) checkEfficiencies(steps, device.stock);
}

function checkModes(modes: readonly OperationMode[] | undefined): void {
  const isRange = ({ lowestMw, highestMw }: OperationMode) =>
    Number.isFinite(lowestMw) && Number.isFinite(highestMw) && lowestMw <= highestMw;
  check((modes?.length ?? 1) > 0 && (modes ?? []).every(isRange), 'modes', 'ranges of power');
}

function checkEfficiencies(steps: number, device: Omit<StockLink, 'id'>): void {
  const { roundtripEfficiency: efficiency } = device;
  check(efficiency > 0 && efficiency <= 1, 'roundtripEfficiency', 'above 0 and at most 1');
  checkSeries(steps, device.chargingEfficiency, 'chargingEfficiency', isPositive);
  checkSeries(steps, device.dischargingEfficiency, 'dischargingEfficiency', isPositive);
}

function checkStorage(problem: SiteProblem, device: StorageDevice): void {
  const { steps } = problem;
  checkCapacity(steps, device.consumptionCapacity, 'consumptionCapacity');
  checkCapacity(steps, device.productionCapacity, 'productionCapacity');
  checkModes(device.modes);
  checkEfficiencies(steps, device);
  checkStock(steps, device);
  // A capacity may limit power that is unlimited otherwise, and minima or maxima the stock.
  const limits = isolatedStorage(problem, device);
  checkSeries(steps, limits.chargePowerMaxMw, 'chargePowerMaxMw', isFiniteAmount);
  checkSeries(steps, limits.dischargePowerMaxMw, 'dischargePowerMaxMw', isFiniteAmount);
}

function checkProcess({ steps }: SiteProblem, process: ProcessDevice): void {
  const { durationSteps, powerMw, forbidden } = process;
  check(Number.isFinite(durationSteps) && durationSteps > 0, 'durationSteps', 'above 0');
  check(Number.isFinite(powerMw), 'powerMw', 'a number');
  check((forbidden?.length ?? steps) === steps, 'forbidden', 'one entry per step');
}

const isPositive = (value: number) => Number.isFinite(value) && value > 0;
const isFiniteAmount = (value: number) => Number.isFinite(value) && value >= 0;

function checkCapacity(steps: number, capacity: Capacity | undefined, field: string): void {
  if (!capacity) return;
  checkSeries(steps, capacity.mw, field, (mw) => mw >= 0);
  checkSeries(steps, capacity.hardLimitMw, field, (mw) => mw >= 0);
  checkBreachPrice(steps, capacity.breach, field);
}

function checkSocBound(steps: number, bound: SocBound | undefined, field: string): void {
  if (!bound) return;
  checkSeries(steps, bound.mwh, field, () => true);
  checkBreachPrice(steps, bound.breach, field);
}

function checkBreachPrice(steps: number, breach: BreachPrice | undefined, field: string): void {
  checkSeries(steps, breach?.highest, `${field} breach price`, isFiniteAmount);
  checkSeries(steps, breach?.perHour, `${field} breach price`, isFiniteAmount);
}

function checkPeak(steps: number, peak: Peak | undefined, field: string): void {
  checkSeries(steps, peak?.pricePerMw, field, isFiniteAmount);
  checkSeries(steps, peak?.previousMw, field, isFiniteAmount);
}

function checkSeries(
  steps: number,
  value: Series | undefined,
  field: string,
  isValid: (value: number) => boolean,
): void {
  if (value === undefined) return;
  if (typeof value === 'number') {
    check(isValid(value), field, 'a valid number');
    return;
  }
  check(value.length === steps, field, `one number for each of the ${steps} steps`);
  check(value.every(isValid), field, 'valid numbers only');
}

function check(condition: boolean, field: string, expectation: string): void {
  if (!condition) throw new RangeError(`${field} must be ${expectation}.`);
}
