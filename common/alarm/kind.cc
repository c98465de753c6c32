// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/alarm/kind.h"

namespace alarms {

std::string_view to_string(Severity severity) {
    switch (severity) {
        case Severity::kCritical:
            return "CRITICAL";
        case Severity::kMajor:
            return "MAJOR";
        case Severity::kMinor:
            return "MINOR";
        case Severity::kWarning:
            return "WARNING";
        case Severity::kIndeterminate:
            return "INDETERMINATE";
        case Severity::kCleared:
            return "CLEARED";
    }
    return "UNKNOWN";
}

std::string_view to_string(Type type) {
    switch (type) {
        case Type::kCommunications:
            return "COMMUNICATIONS";
        case Type::kQualityOfService:
            return "QUALITY_OF_SERVICE";
        case Type::kProcessingError:
            return "PROCESSING_ERROR";
        case Type::kEquipment:
            return "EQUIPMENT";
        case Type::kEnvironmental:
            return "ENVIRONMENTAL";
        case Type::kIntegrityViolation:
            return "INTEGRITY_VIOLATION";
        case Type::kOperationalViolation:
            return "OPERATIONAL_VIOLATION";
        case Type::kPhysicalViolation:
            return "PHYSICAL_VIOLATION";
        case Type::kSecurityService:
            return "SECURITY_SERVICE";
        case Type::kTimeDomain:
            return "TIME_DOMAIN";
    }
    return "UNKNOWN";
}

const Kind* find_kind(std::string_view id) {
    for (const Kind& kind : kInventory)
        if (kind.id == id) return &kind;
    return nullptr;
}

}  // namespace alarms
