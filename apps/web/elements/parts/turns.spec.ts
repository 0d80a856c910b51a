import { Turns } from './turns';

it('drops answers that come after those to later questions, and no others', () => {
  const turns = new Turns();
  const [first, second, third] = [turns.next(), turns.next(), turns.next()];
  expect([first(), third(), second()]).toEqual([true, true, false]);
  expect(turns.next()()).toBe(true);
});
