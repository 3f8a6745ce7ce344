"""From a fresh clone to a running program: settings, the embedded Redis, the dyno, hosts' rules, pages."""
