/** The secret key of all tests. It is as strong as a real key, so that no warning is logged. */
export const TEST_SECRET_KEY = 'd39f1c7a84be60257f0e92c6ab15d874e3c60b9f2a7d48165c8e0f3b97a264d1';
