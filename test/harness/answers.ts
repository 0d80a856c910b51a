/** Expected answers that many tests share. */
export const UNAUTHENTICATED = {
  message: 'You could not be properly authenticated for this content or functionality.',
  status: 'UNAUTHORIZED',
};

export const UNAUTHORIZED = {
  message: 'You cannot be authorized for this content or functionality.',
  result: 'Rejected',
  status: 'INVALID_SENDER',
};

export const PROCESSED = { message: 'Request has been processed.', status: 'PROCESSED' };

/** The answer to a request with bad fields in its body, query or path. */
export const unprocessable = (place: string, reasons: object) => ({
  status: 422,
  body: { message: { [place]: reasons }, result: 'Rejected', status: 'UNPROCESSABLE_ENTITY' },
});
