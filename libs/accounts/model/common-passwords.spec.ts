import { isCommonPassword } from './common-passwords';

describe('isCommonPassword', () => {
  it('recognises common passwords in any case', () => {
    for (const password of ['12345678', 'password1', 'PassWord123', 'Qwertyuiop']) {
      expect([password, isCommonPassword(password)]).toEqual([password, true]);
    }
  });

  it('accepts others, also the documented one of the toy account', () => {
    for (const password of ['toy-password', 'blue-lamp-42', 'password of mine']) {
      expect([password, isCommonPassword(password)]).toEqual([password, false]);
    }
  });
});
