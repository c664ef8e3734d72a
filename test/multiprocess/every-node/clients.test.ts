import { describeClients, THE_REST, testUnderCluster } from "../client-cases.js";

describeClients(THE_REST);
testUnderCluster(THE_REST);
