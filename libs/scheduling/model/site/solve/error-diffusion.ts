/**
 * Rounds shares from 0 to 1 to all or nothing, one after the other, so that their sum over several steps stays the same (error
 * diffusion).
 *
 * @param index of what is rounded
 * @param attempt number of the way to round
 */
export function errorDiffusion(index: number, attempt: number): (share: number) => boolean {
  // Multiples of the golden ratio spread the initial errors of any number of devices evenly.
  let error = ((index + 1) * (attempt + 1) * 0.6180339887498949) % 1;
  return (share) => {
    error += share;
    if (error < 1) return false;
    error -= 1;
    return true;
  };
}
