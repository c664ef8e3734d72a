/** A job of one increment, for piscina, tinypool and workerpool. */
const { workerData } = require("node:worker_threads");

// Pools wrap what they are given for their threads; processes get it in the environment.
const { client } = [workerData].flat().find((data) => data?.client) ?? { client: process.env.POOL_CLIENT };
const { Counter } = require(client);
const jobs = new Counter({ name: "jobs_total", help: "Jobs." });
const job = () => {
  jobs.inc();
};

module.exports = job;
if (process.env.POOL_WORKERPOOL !== undefined) require(process.env.POOL_WORKERPOOL).worker({ job });
