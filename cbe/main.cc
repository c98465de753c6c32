// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/daemon.h"
#include "cbe/store/tables.h"

int main(int argc, char** argv) {
    const frame::Program program{
        .binary = "cbed",
        .daemon = "cbe",
        .purpose = "Farol's Cell Broadcast Entity: where officers write and approve alerts",
        .schema_level = 1,
        .essential_tables = cbe::tables::essential()};
    const frame::Args args = frame::parse_args(program, argc, argv);  // --help and --version end here
    const auto loaded = frame::load<cbe::Config>(program, args);
    if (!loaded) return frame::report(loaded.error());  // every problem, with file and line
    if (args.check_only) return frame::report_good(args);
    const auto host = frame::Frame::open(program, args, loaded->config.frame);
    if (!host) return frame::report(host.error());
    const auto daemon = cbe::Daemon::open(**host, loaded->config);
    if (!daemon) return frame::report(daemon.error());
    (*host)->on_reload<cbe::Config>(*loaded, {"authority", "cells", "channels", "machines.clients"},
                                    [&daemon](const cbe::Config& fresh) { return (*daemon)->reload(fresh); });
    return (*host)->run(**daemon);  // READY … drained
}
