export { MailModule } from './mail.module';
export { Mailer, type Message } from './mailer';
