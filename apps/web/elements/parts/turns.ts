/** Lets answers be shown in the order of their questions: one that comes after the answer to a later question is dropped. */
export class Turns {
  private asked = 0;
  private shown = 0;

  /** Call it with each question. @returns what to call with its answer: whether it is to be shown */
  next(): () => boolean {
    const turn = ++this.asked;
    return () => {
      if (turn < this.shown) return false;
      this.shown = turn;
      return true;
    };
  }
}
