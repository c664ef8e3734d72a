import { NODES } from "../../nodes/nodes.js";
import { describeNodes } from "../without-locks-cases.js";

describeNodes(NODES, NODES);
