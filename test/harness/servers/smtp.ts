import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Mail {
  /** From the envelope. */
  from: string;
  to: string[];
  /** Headers by their name in lower case. */
  headers: Record<string, string>;
  /** Body, unchanged. */
  text: string;
  /** Credentials of the client; undefined when it did not log in. */
  credentials: string | undefined;
}

/** A mail server that keeps the mails that arrive. */
export interface SmtpServer {
  port: number;
  mails: Mail[];
  /** The next mail to an address that was not returned before. */
  next: (to: string) => Promise<Mail>;
  stop: () => Promise<void>;
}

const PATIENCE_MS = 120_000;

export async function startSmtp(): Promise<SmtpServer> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    converse(socket, (mail) => {
      mails.push(mail);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const read = new Set<Mail>();
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    next: async (to) => {
      const end = Date.now() + PATIENCE_MS;
      while (Date.now() < end) {
        const mail = mails.find((one) => one.to.includes(to) && !read.has(one));
        if (mail) {
          read.add(mail);
          return mail;
        }
        await sleep(20);
      }
      throw new Error(`No mail came for ${to}.`);
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The server's side of SMTP, without extensions except for authentication. */
function converse(socket: Socket, keep: (mail: Mail) => void): void {
  let [envelope, credentials, unread] = [newEnvelope(), undefined as string | undefined, ''];
  let content: string[] | undefined;
  const answerTo = (line: string): string | undefined => {
    if (content && line !== '.') {
      content.push(line.replace(/^\.\./, '.'));
      return undefined;
    }
    if (content) {
      keep({ ...envelope, credentials, ...parsed(content) });
      [envelope, content] = [newEnvelope(), undefined];
      return '250 Kept';
    }
    const [, address = ''] = /<([^>]*)>/.exec(line) ?? [];
    const [, login] = /^AUTH PLAIN (.*)$/i.exec(line) ?? [];
    if (login !== undefined) {
      credentials = Buffer.from(login, 'base64').toString().replaceAll('\0', ' ').trim();
      return '235 Welcome';
    }
    if (/^MAIL FROM/i.test(line)) envelope.from = address;
    if (/^RCPT TO/i.test(line)) envelope.to.push(address);
    if (/^DATA/i.test(line)) content = [];
    return ANSWERS[line.slice(0, 4).toUpperCase()] ?? '250 Ok';
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const lines = (unread + chunk.toString('latin1')).split('\r\n');
    unread = lines.pop() ?? '';
    for (const answer of lines.map(answerTo)) if (answer !== undefined) socket.write(`${answer}\r\n`);
  });
  socket.write('220 test\r\n');
}

const ANSWERS: Record<string, string> = {
  EHLO: '250-test\r\n250 AUTH PLAIN',
  DATA: '354 Go on',
  QUIT: '221 Bye',
};

const newEnvelope = (): Pick<Mail, 'from' | 'to'> => ({ from: '', to: [] });

function parsed(lines: string[]): Pick<Mail, 'headers' | 'text'> {
  const end = lines.indexOf('');
  const unfolded = lines
    .slice(0, end)
    .join('\r\n')
    .replaceAll(/\r\n[ \t]+/g, ' ');
  const headers = Object.fromEntries(
    unfolded.split('\r\n').map((line) => {
      const [name = '', ...rest] = line.split(':');
      return [name.toLowerCase(), rest.join(':').trim()];
    }),
  );
  const body = lines.slice(end + 1).join('\n');
  const isQuoted = headers['content-transfer-encoding'] === 'quoted-printable';
  return { headers, text: isQuoted ? unquoted(body) : body };
}

const unquoted = (body: string): string =>
  Buffer.from(
    body
      .replaceAll('=\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16))),
    'latin1',
  ).toString();
