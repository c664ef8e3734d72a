// One logger for all requests: a request records while the flush of another is sending.
import "reflect-metadata";
import { Controller, Get, Module, type OnApplicationShutdown } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { createMetricsLogger, Unit } from "aws-embedded-metrics";

const metrics = createMetricsLogger();

@Controller()
class Orders implements OnApplicationShutdown {
  @Get("order")
  order(): string {
    metrics.putMetric("orders", 1, Unit.Count);
    void metrics.flush();
    return "ok";
  }

  async onApplicationShutdown(): Promise<void> {
    await metrics.flush();
  }
}

@Module({ controllers: [Orders] })
class App {}

async function main(): Promise<void> {
  const app = await NestFactory.create(App, { logger: false });
  app.enableShutdownHooks();
  await app.listen(process.env.PORT ?? 3000);
}

void main();
