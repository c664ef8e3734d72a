import "flushguard/bundled";
import "./entry.mjs";
