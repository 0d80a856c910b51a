/** The secret key of all tests; long enough that nothing warns of it. */
export const TEST_SECRET_KEY = 'a secret key that only tests use, and nobody else';
