import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@nestjs/common';
import { settleWithin } from '#lib/concurrency';
import { DomainError, errorMessage } from '#lib/errors';
import { parseClassReference, type ClassReference } from './class-reference';

/** The data source of the results of a plugin class. */
export interface ExtensionIdentity {
  author: string;
  /** Name of the class. */
  model: string;
  version: string;
}

/** A sensor: it has attributes, and an asset with attributes. */
export interface SensorAttributes {
  attributes: Record<string, unknown>;
  asset: { attributes: Record<string, unknown> };
}

/** Timeout for asynchronous work of a class. It cannot interrupt synchronous computation. */
const TIME_LIMIT_MS = 10 * 60_000;

/** Maximum lengths of the columns of a data source. */
const MAX_LENGTHS = { author: 120, model: 80, version: 17 };

/** A kind of plugin classes: the attribute that refers to them, and how they are run. */
export class ExtensionKind {
  private readonly logger: Logger;

  /**
   * @param attribute attribute of sensors and assets with the class reference
   * @param method method that the classes must have
   * @param failureCode error code for failures of a class
   * @param builtIn references that mean the built-in implementation, as if the attribute were not set
   */
  constructor(
    readonly attribute: string,
    readonly method: string,
    private readonly failureCode: string,
    private readonly builtIn: readonly ClassReference[] = [],
  ) {
    this.logger = new Logger(attribute);
  }

  /** The attribute of the sensor or its asset; undefined if neither has it, or if it means the built-in implementation. */
  findAttribute({ attributes, asset }: SensorAttributes): unknown {
    return this.findIn(attributes[this.attribute] ?? asset.attributes[this.attribute]);
  }

  /** Whether these attributes name a class that is not the built-in implementation. */
  isNamedIn(attributes: Record<string, unknown>): boolean {
    return this.findIn(attributes[this.attribute]) !== undefined;
  }

  /**
   * The class reference of a sensor or its asset.
   * @returns undefined if there is none
   * @throws DomainError ATTRIBUTE_INVALID
   */
  findReference(holder: SensorAttributes): ClassReference | undefined {
    return this.parseReference(this.findAttribute(holder), this.attribute);
  }

  /** Reads the value of the attribute; `field` is its path, for errors. @throws DomainError ATTRIBUTE_INVALID */
  parseReference(value: unknown, field: string): ClassReference | undefined {
    return parseClassReference(this.findIn(value), field);
  }

  private findIn(value: unknown): unknown {
    return this.builtIn.some((one) => isDeepStrictEqual(one, value)) ? undefined : (value ?? undefined);
  }

  /**
   * Awaits the work of a class, for at most ten minutes.
   * @param name name of the class
   * @throws DomainError with the failure code if the work throws
   */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const late = `it did not finish within ${TIME_LIMIT_MS / 60_000} minutes.`;
    try {
      return await settleWithin(TIME_LIMIT_MS, work, late);
    } catch (error) {
      this.logger.warn(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
      throw this.toError(name, error);
    }
  }

  /** The data source for the results of a class. @throws DomainError if a field is not valid */
  getIdentity(
    { author, version }: { author?: string; version?: string },
    className: string,
  ): ExtensionIdentity {
    const identity = { author: author ?? className, model: className, version: version ?? '' };
    for (const field of ['author', 'model', 'version'] as const) {
      const text: unknown = identity[field];
      if (typeof text !== 'string' || text.length > MAX_LENGTHS[field]) {
        throw this.toError(
          className,
          new RangeError(`its ${field} must be a text of at most ${MAX_LENGTHS[field]} characters.`),
        );
      }
    }
    return identity;
  }

  /** The error for a failure of a class. */
  toError(name: string, error: unknown): DomainError {
    const reason = errorMessage(error);
    return new DomainError(this.failureCode, `${name}: ${reason}`, this.attribute);
  }
}
