import helmet from 'helmet';

/**
 * Headers that keep browsers from doing more than our pages need. Pages load everything from this server, so that they
 * work without a network; styles may stand in the page, scripts may not.
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
    // Other servers of the host's domain are not ours to decide about.
    strictTransportSecurity: { includeSubDomains: false },
  });
