import type { Request } from 'express';
import { rejected, tooLarge } from '../errors/api-error';
import type { BodyAccount } from './bodies-in-flight';
import type { BodyLimits } from './body-limits';
import { contentOf, type Content } from './content-stream';
import { JsonShape, type ShapeExcess } from './json-shape';

/**
 * Reads and decompresses a JSON body without parsing it. Stops at the first exceeded limit; Node discards the rest.
 *
 * @param account the account that is charged for the bytes
 * @throws ApiError 400, 413, 415, 429, 503
 */
export async function readBytes(request: Request, limits: BodyLimits, account: BodyAccount): Promise<Buffer> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > limits.bytes) throw tooManyBytes(limits);
  const content = contentOf(request);
  // The length of a compressed body says nothing about its decompressed size.
  if (content.stream === request) account.reserve(length);
  const shape = new JsonShape(limits);
  const check = (chunk: Buffer, bytes: number): void => {
    if (bytes > limits.bytes) throw tooManyBytes(limits);
    if (content.exceedsRatio(bytes)) throw tooLarge('The compression ratio of the request body is too high.');
    const excess = shape.add(chunk);
    if (excess) throw tooManyParts(excess, limits);
    account.add(chunk.length);
  };
  return collect(request, content, check);
}

function collect(
  request: Request,
  { stream, stop }: Content,
  check: (chunk: Buffer, bytes: number) => void,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      stream.off('data', take);
      stop();
      request.resume();
      reject(error);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      try {
        check(chunk, bytes);
      } catch (error) {
        refuse(error as Error);
        return;
      }
      chunks.push(chunk);
    };
    stream.on('data', take);
    stream.on('end', () => {
      // Bytes may follow the compressed data.
      if (!request.complete) request.resume();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes));
    });
    stream.on('error', () => refuse(unreadable()));
    request.on('close', () => {
      if (!request.complete) refuse(unreadable());
    });
  });
}

const unreadable = () => rejected(400, 'INVALID_REQUEST', 'The request body cannot be read.');

const tooManyBytes = ({ bytes }: BodyLimits) =>
  tooLarge(`The request body is larger than the ${bytes} bytes that are taken here.`);

function tooManyParts(excess: ShapeExcess, limits: BodyLimits) {
  if (excess === 'depth')
    return rejected(400, 'INVALID_REQUEST', `The request body is nested deeper than ${limits.depth} levels.`);
  return tooLarge(
    `The request body has more than the ${limits[excess]} ${NAMES[excess]} that are taken here.`,
  );
}

const NAMES = { values: 'values', strings: 'strings', parts: 'lists, objects and fields' };
