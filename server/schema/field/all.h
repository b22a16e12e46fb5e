// The list of field types, one function a file (style.md 2.8: lists of kinds are lists in code).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "schema/field_type.h"

namespace renkei::schema {

using FieldTypeList = std::vector<const FieldType*>;

// Each adds the types of its family. The objects live as long as the program.
void AddTextTypes(FieldTypeList& list);
void AddIntegerTypes(FieldTypeList& list);
void AddFloatTypes(FieldTypeList& list);
void AddDecimalType(FieldTypeList& list);
void AddBooleanTypes(FieldTypeList& list);
void AddJsonTypes(FieldTypeList& list);
void AddArrayTypes(FieldTypeList& list);
void AddInstantTypes(FieldTypeList& list);
void AddWallClockTypes(FieldTypeList& list);
void AddUnixTimestampType(FieldTypeList& list);
void AddIdentifierTypes(FieldTypeList& list);
void AddPasswordType(FieldTypeList& list);
void AddEncryptionType(FieldTypeList& list);
void AddVirtualTypes(FieldTypeList& list);
void AddSequenceType(FieldTypeList& list);
void AddBlobType(FieldTypeList& list);
void AddGeometryTypes(FieldTypeList& list);
void AddRelationTypes(FieldTypeList& list);

// formula and context take the form of another type: "formula:decimal" for each of `plain`.
using NamedFieldTypes = std::vector<std::pair<std::string, const FieldType*>>;
void AddComputedTypes(const FieldTypeList& plain, NamedFieldTypes& named);

}  // namespace renkei::schema
