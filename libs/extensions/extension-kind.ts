import { Logger } from '@nestjs/common';
import { DomainError } from '#lib/errors';
import { parseClassReference, type ClassReference } from './class-reference';

/** The data source of what a class of a plugin computes. */
export interface ExtensionIdentity {
  author: string;
  /** Name of the class. */
  model: string;
  version: string;
}

/** Something with attributes of its own, and of the asset that it belongs to. */
interface Holder {
  attributes: Record<string, unknown>;
  asset: { attributes: Record<string, unknown> };
}

/** How long a class may take that waits for something; one that never stops computing holds its process. */
const TIME_LIMIT_MS = 10 * 60_000;

/** What the database holds of a data source, in characters. */
const LIMITS = { author: 120, model: 80, version: 17 };

/** One kind of classes that plugins bring: which attribute names them, and how they run and fail. */
export class ExtensionKind {
  private readonly logger: Logger;

  /**
   * @param attribute of sensors or assets
   * @param failureCode code of the errors that tell of a class's failures
   */
  constructor(
    private readonly attribute: string,
    private readonly failureCode: string,
  ) {
    this.logger = new Logger(attribute);
  }

  /** What names a class of this kind, on the sensor or on its asset; undefined where nothing does. */
  namedBy({ attributes, asset }: Holder): unknown {
    return attributes[this.attribute] ?? asset.attributes[this.attribute] ?? undefined;
  }

  /**
   * The class that a sensor or its asset names.
   * @returns undefined when none is named
   * @throws DomainError ATTRIBUTE_INVALID
   */
  referenceOf(holder: Holder): ClassReference | undefined {
    return parseClassReference(this.namedBy(holder), this.attribute);
  }

  /**
   * Awaits a class's work, for ten minutes at most.
   * @param name of the class
   * @throws DomainError of this kind's failures, for whatever the work throws
   */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const message = `it was not done after ${TIME_LIMIT_MS / 60_000} minutes.`;
      timer = setTimeout(() => reject(new RangeError(message)), TIME_LIMIT_MS);
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      this.logger.warn(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
      throw this.failed(name, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Under which data source a class's results are stored. @throws DomainError where the database cannot hold it */
  identityOf(
    { author, version }: { author?: string; version?: string },
    className: string,
  ): ExtensionIdentity {
    const identity = { author: author ?? className, model: className, version: version ?? '' };
    for (const field of ['author', 'model', 'version'] as const) {
      const text: unknown = identity[field];
      if (typeof text !== 'string' || text.length > LIMITS[field]) {
        throw this.failed(
          className,
          new RangeError(`its ${field} is no text of at most ${LIMITS[field]} characters.`),
        );
      }
    }
    return identity;
  }

  /** The error that tells of a class's failure. */
  failed(name: string, error: unknown): DomainError {
    const reason = error instanceof Error ? error.message : String(error);
    return new DomainError(this.failureCode, `${name}: ${reason}`, this.attribute);
  }
}
