import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AnswerHousekeeping } from './answer-housekeeping';
import { IdempotentRequests } from './idempotent-requests.service';
import { StoredAnswer } from './stored-answer.entity';
import { StoredAnswersRepository } from './stored-answers.repository';

/** Requests that are carried out once. */
@Module({
  imports: [TypeOrmModule.forFeature([StoredAnswer])],
  providers: [StoredAnswersRepository, IdempotentRequests, AnswerHousekeeping],
  exports: [IdempotentRequests],
})
export class IdempotencyModule {}
