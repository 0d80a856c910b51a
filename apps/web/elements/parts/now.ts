/** The time that the page takes for the current one, which is in another year in a demo. Epoch milliseconds. */
export const pageNow = (): number => Date.now() + offsetMs();

function offsetMs(): number {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="time-offset"]');
  return Number(meta?.content ?? 0);
}
