import apm from "elastic-apm-node";

apm.start({ serverUrl: "http://127.0.0.1:9", logLevel: "off", centralConfig: false, cloudProvider: "none" });
