"""The feed: one export folder of the ERP, checked, staged and swapped into the portal's tables by one transaction.

`intake.take_in` is the whole way; what each file must look like stands in `erp/contract.py`.
"""
