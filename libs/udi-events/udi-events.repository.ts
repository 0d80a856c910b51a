import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';

/** The name of a UDI event. */
export interface UdiEventName {
  /** The power sensor of the device. */
  sensorId: number;
  /** The number that the gateway gave it. */
  eventId: number;
  /** What it is about, such as `soc`. */
  eventType: string;
}

@Injectable()
export class UdiEventsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Id of the job of an event. */
  async findJob({ sensorId, eventId, eventType }: UdiEventName): Promise<string | undefined> {
    const [row] = await this.transactions.select<{ jobId: string }>(
      'SELECT job_id AS "jobId" FROM udi_event WHERE sensor_id = $1 AND event_id = $2 AND event_type = $3',
      [sensorId, eventId, eventType],
    );
    return row?.jobId;
  }

  /** Stores the job of an event, in place of an earlier one. */
  async record(
    { sensorId, eventId, eventType }: UdiEventName,
    jobId: string,
    createdAt: Date,
  ): Promise<void> {
    await this.transactions.query(
      `INSERT INTO udi_event (sensor_id, event_id, event_type, job_id, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (sensor_id, event_id, event_type)
       DO UPDATE SET job_id = excluded.job_id, created_at = excluded.created_at`,
      [sensorId, eventId, eventType, jobId, createdAt],
    );
  }

  /** Deletes the older events of a sensor. */
  async deleteBefore(sensorId: number, time: Date): Promise<void> {
    await this.transactions.query('DELETE FROM udi_event WHERE sensor_id = $1 AND created_at < $2', [
      sensorId,
      time,
    ]);
  }
}
