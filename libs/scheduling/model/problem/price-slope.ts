/**
 * The slope of prices of FlexMeasures 0.12, of which schedules use a far smaller multiple (see tieBreaks).
 *
 * A tiny price increase over time that decides between equally cheap schedules: it makes earlier charging and later
 * discharging the cheaper choice. A straight line from 0 at the first step to m at the last.
 *
 * m is 1/1000 of the smaller non-zero spread (highest minus lowest price) of the two series, or 0.001 if both are
 * constant. Both series get the same line, so the production price never exceeds the consumption price where it did not
 * before. The true cost rises by at most m times the energy charged and discharged.
 *
 * @returns currency per MWh to add in each step
 */
export function priceSlope(consumptionPrices: Float64Array, productionPrices: Float64Array): Float64Array {
  const spreads = [spreadOf(consumptionPrices), spreadOf(productionPrices)].filter((spread) => spread > 0);
  const atLastStep = spreads.length === 0 ? 0.001 : Math.min(...spreads) / 1000;
  const lastStep = consumptionPrices.length - 1;
  return consumptionPrices.map((_, t) => (lastStep === 0 ? 0 : (atLastStep * t) / lastStep));
}

/** Adds two series step by step. */
export function addSeries(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, t) => value + b[t]!);
}

function spreadOf(series: Float64Array): number {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of series) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return highest - lowest;
}
