import helmet from 'helmet';

/** Other origins from which pages may load. */
export interface PageOrigins {
  images: string[];
  styles: string[];
}

/**
 * Security headers of all responses. Pages load everything from this server, so that they work without internet access,
 * except a logo and a style sheet that settings name. Inline styles and scripts are not allowed.
 */
export const securityHeaders = ({ images, styles }: PageOrigins) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...images],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", ...styles],
      },
    },
    // Subdomains may be other servers.
    strictTransportSecurity: { includeSubDomains: false },
  });
