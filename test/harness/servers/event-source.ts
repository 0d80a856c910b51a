import { eventually } from '../eventually';

/** A message of a stream of events. */
export interface StreamMessage {
  id: string;
  event: string;
  data: Record<string, unknown>;
  /** When it arrived, epoch milliseconds. */
  atMs: number;
}

/** An open stream of events, without those that connect again by themselves. */
export interface EventSource {
  status: number;
  /** All messages so far, without heartbeats. */
  messages: StreamMessage[];
  /** The id of the last message, also of a heartbeat. */
  lastId: () => string;
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  /** The first message that matches, when it has arrived. */
  find: (matches: (message: StreamMessage) => boolean) => Promise<StreamMessage>;
  close: () => void;
}

/**
 * Opens a stream of events; it is ready when its first heartbeat has arrived.
 * @param path below the server, with the query
 */
export async function openEventSource(
  url: string,
  path: string,
  headers: Record<string, string>,
): Promise<EventSource> {
  const abort = new AbortController();
  const response = await fetch(url + path, { headers, signal: abort.signal });
  const messages: StreamMessage[] = [];
  let lastId = '';
  let isReady = response.status !== 200;
  const read = async (): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const message of blocks.flatMap(parseBlock)) {
        lastId = message.id;
        if (message.event === 'heartbeat') isReady = true;
        else messages.push(message);
      }
    }
    isReady = true;
  };
  const ended = read().catch(() => undefined);
  await eventually(() => isReady, Boolean);
  return {
    ...{ status: response.status, messages, ended },
    lastId: () => lastId,
    find: async (matches) => {
      await eventually(
        () => messages,
        (found) => found.some(matches),
      );
      return messages.find(matches)!;
    },
    close: () => abort.abort(),
  };
}

function parseBlock(block: string): StreamMessage[] {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const [name = '', ...rest] = line.split(': ');
      return [name, rest.join(': ')];
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return [];
  return [
    {
      ...{ id: fields.get('id')!, event: fields.get('event')!, atMs: Date.now() },
      data: JSON.parse(data) as Record<string, unknown>,
    },
  ];
}
