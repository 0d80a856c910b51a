/**
 * The most common passwords of at least eight characters, in lower case, by published lists of leaked passwords (NCSC
 * 100k, RockYou, yearly lists of NordPass). Shorter ones are always rejected.
 */
const COMMON_PASSWORDS = new Set([
  ...[
    'password',
    'password1',
    'password12',
    'password123',
    'password1234',
    'password!',
    'password1!',
    'passw0rd',
  ],
  ...['p@ssw0rd', 'p@ssword', 'pa$$word', 'passwort', 'passwort1', 'passwort123', 'wachtwoord', 'motdepasse'],
  ...['12345678', '123456789', '1234567890', '0123456789', '987654321', '9876543210', '87654321', '11111111'],
  ...['00000000', '88888888', '12341234', '123123123', '1234554321', '12344321', '11223344', '112233445566'],
  ...['1q2w3e4r', '1q2w3e4r5t', '1qaz2wsx', '1qazxsw2', 'q1w2e3r4', 'q1w2e3r4t5', 'zaq12wsx', 'qazwsxedc'],
  ...['qwertyui', 'qwertyuiop', 'qwerty12', 'qwerty123', 'qwerty1234', 'qwertz123', 'azertyuiop', 'asdfghjk'],
  ...['asdfghjkl', 'asdf1234', 'zxcvbnm1', 'zxcvbnm123', 'abcd1234', 'abc12345', 'abcdefgh', 'a1b2c3d4'],
  ...['aa123456', 'a1234567', 'a12345678', 'iloveyou', 'iloveyou1', 'sunshine', 'princess', 'football'],
  ...['baseball', 'superman', 'starwars', 'trustno1', 'whatever', 'welcome1', 'welcome123', 'letmein1'],
  ...[
    'letmein123',
    'changeme',
    'changeme1',
    'changeme123',
    'admin123',
    'admin1234',
    'administrator',
    'adminadmin',
  ],
  ...['computer', 'internet', 'michelle', 'jennifer', 'elephant', 'corvette', 'mercedes', 'liverpool'],
  ...[
    'chocolate',
    'butterfly',
    'charlie1',
    'monkey123',
    'dragon123',
    'master123',
    'summer2024',
    'winter2024',
  ],
  ...['flexmeasures', 'test1234', 'testtest', 'demo1234', 'user1234', 'guest123', 'default1', 'secret123'],
]);

/** Whether a password is among the most common ones; case does not matter. */
export const isCommonPassword = (password: string): boolean => COMMON_PASSWORDS.has(password.toLowerCase());
