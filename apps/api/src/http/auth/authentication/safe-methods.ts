/** HTTP methods that change nothing (RFC 9110, 9.2.1), as far as this server has them. */
export const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
