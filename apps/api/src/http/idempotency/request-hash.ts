import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import { ReceivedFile, UploadForm } from '../uploads/upload-form';

/** A request whose JSON body was hashed when it was read. */
export type HashedRequest = Request & { bodyHash?: Buffer };

/**
 * SHA-256 of what a request says: method, path, query and body. Two JSON bodies are equal if their bytes are, two forms if
 * their fields and the contents of their files are.
 */
export async function hashOfRequest(request: HashedRequest): Promise<Buffer> {
  const { method, originalUrl, bodyHash } = request;
  const body: unknown = request.body;
  const hash = createHash('sha256');
  add(hash, method);
  add(hash, withoutToken(originalUrl));
  if (body instanceof UploadForm) await addForm(hash, body);
  else if (bodyHash) add(hash, bodyHash);
  return hash.digest();
}

function withoutToken(url: string): string {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  searchParams.delete('auth_token');
  return `${pathname}?${searchParams.toString()}`;
}

async function addForm(hash: Hash, { fields }: UploadForm): Promise<void> {
  const sorted = Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [name, value] of sorted) {
    add(hash, name);
    for (const item of [value].flat())
      add(hash, item instanceof ReceivedFile ? await hashOfFile(item.path) : JSON.stringify(item));
  }
}

async function hashOfFile(path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest();
}

/** Adds a part with its length, so that the parts cannot run into each other. */
function add(hash: Hash, part: string | Buffer): void {
  const bytes = Buffer.from(part as string);
  hash.update(`${bytes.length}:`).update(bytes);
}
