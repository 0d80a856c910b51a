/** An uploaded file; it is deleted after the response. */
export class ReceivedFile {
  /** @param path path of the temporary file; its extension tells the format */
  constructor(readonly path: string) {}
}

/** The body of a request that was sent as a form. */
export class UploadForm {
  /** @param fields texts and files by name */
  constructor(readonly fields: Record<string, unknown>) {}
}
