/** The user of the toy account, with the password that the tutorial names. */
export const TOY_USER = {
  username: 'toy-user',
  email: 'toy-user@flexmeasures.io',
  password: 'toy-password',
} as const;
