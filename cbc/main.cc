// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/daemon.h"
#include "cbc/store/warning_store.h"

int main(int argc, char** argv) {
    const frame::Program program{
        .binary = "cbcd",
        .daemon = "cbc",
        .purpose = "Farol's cell broadcast centre",
        .schema_level = 1,
        .essential_tables = {std::string(cbc::kAlertTable), std::string(cbc::kStopTable),
                             std::string(cbc::kDeliveryTable)}};
    const frame::Args args = frame::parse_args(program, argc, argv);  // --help and --version end here
    const auto loaded = frame::load<cbc::Config>(program, args);
    if (!loaded) return frame::report(loaded.error());  // every problem, with file and line
    if (args.check_only) return frame::report_good(args);
    const auto host = frame::Frame::open(program, args, loaded->config.frame);
    if (!host) return frame::report(host.error());
    cbc::Daemon daemon(**host, loaded->config);
    (*host)->on_reload<cbc::Config>(*loaded,
                                    {std::begin(cbc::kReloadableKeys), std::end(cbc::kReloadableKeys)},
                                    [&daemon](const cbc::Config& fresh) { return daemon.reload(fresh); });
    return (*host)->run(daemon);  // READY … drained
}
