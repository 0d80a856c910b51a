/** A file that was received; it is removed when the request has been answered. */
export class ReceivedFile {
  /** @param path where it lies, with an extension that tells its kind */
  constructor(readonly path: string) {}
}

/** The body of a request that came as a form; no other body is one. */
export class UploadForm {
  /** Fields by name, and the file. */
  readonly fields: Record<string, unknown>;

  constructor(texts: object, file: ReceivedFile | undefined) {
    this.fields = { ...texts, ...(file && { file }) };
  }
}
