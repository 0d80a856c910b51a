import helmet from 'helmet';

/**
 * Security headers of all responses. Pages load everything from this server, so that they work without internet access.
 * Inline styles are allowed, inline scripts are not.
 */
export const securityHeaders = () =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    // Subdomains may be other servers.
    strictTransportSecurity: { includeSubDomains: false },
  });
